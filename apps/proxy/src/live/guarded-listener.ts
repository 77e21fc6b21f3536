import type { RecordListener } from './journal-observer.ts';
import type { LiveGuard } from './live-guard.ts';

/** A listener of whose faults the journal hears nothing: it is called in the midst of a commit. */
export const guardedListener = (listener: RecordListener, { tell }: LiveGuard): RecordListener => ({
  saw: (seq, timeMs, body) => {
    try {
      listener.saw(seq, timeMs, body);
    } catch (error) {
      tell(error);
    }
  },
  settled: () => {
    try {
      listener.settled();
    } catch (error) {
      tell(error);
    }
  },
  failed: (error) => {
    try {
      listener.failed(error);
    } catch (thrown) {
      tell(thrown);
    }
  },
});
