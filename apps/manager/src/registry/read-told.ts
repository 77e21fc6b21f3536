import { mostInBatch } from '@mcp-acp/api/events/event-ring';
import { AcpError } from '@mcp-acp/shared/errors';
import { type InstanceStatus, instanceStatusSchema } from '@mcp-acp/shared/live/instance-status';
import { type LiveEvent, liveEventSchema } from '@mcp-acp/shared/live/live-event';

/** Who is listened to. It tells of itself and of no other instance. */
export interface Teller {
  readonly proxy: string;
  readonly instance: string;
}

type Told = readonly [id: string, event: LiveEvent];

/**
 * What came as a batch of events. In place of events that cannot be read, or are not the instance's to tell, stands one
 * `resync`. Throws AcpError('bad_frame') where it is no batch of the instance's.
 */
export function readToldEvents(teller: Teller, batch: unknown): readonly Told[] {
  const noBatch = (): AcpError =>
    new AcpError('bad_frame', `What the instance ${teller.instance} tells are no events.`);
  if (!Array.isArray(batch) || batch.length > mostInBatch) throw noBatch();
  const told: Told[] = [];
  let isMissing = false;
  for (const item of batch as readonly unknown[]) {
    const [id, said]: readonly unknown[] = Array.isArray(item) ? item : [];
    if (!isIdOf(teller, id)) throw noBatch();
    const event = readEvent(teller, said);
    // Those in a row are one.
    if (event === undefined && isMissing) told.pop();
    isMissing = event === undefined;
    told.push([id, event ?? { type: 'resync', time: new Date().toISOString() }]);
  }
  return told;
}

const isIdOf = ({ instance }: Teller, id: unknown): id is string =>
  typeof id === 'string' && id.startsWith(`${instance}.`) && /^\d{1,15}$/.test(id.slice(instance.length + 1));

function readEvent({ proxy, instance }: Teller, said: unknown): LiveEvent | undefined {
  const { success, data: event } = liveEventSchema.safeParse(said);
  if (!success) return undefined;
  if (event.type === 'resync') return event;
  const origin = 'proxy' in event ? event.proxy : undefined;
  return origin?.instance === instance && origin.name === proxy ? event : undefined;
}

/** What came as the instance's status, or undefined where it is none or another's. */
export function readToldStatus({ proxy, instance }: Teller, told: unknown): InstanceStatus | undefined {
  const { success, data: status } = instanceStatusSchema.safeParse(told);
  return success && status.instance === instance && status.name === proxy ? status : undefined;
}
