'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { useApi } from '../../../api/use-api.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { type CheckState, CheckStep } from './check-step.tsx';
import { ConfirmStep } from './confirm-step.tsx';
import { ConnectStep } from './connect-step.tsx';
import {
  draftOf,
  emptyForm,
  type FormProblems,
  type ProxyForm,
  problemsLeft,
  problemsOf,
} from './proxy-form.ts';
import { ServerStep } from './server-step.tsx';
import { StepList } from './step-list.tsx';
import { TemplateStep } from './template-step.tsx';

const steps = ['server', 'policy', 'confirm', 'check', 'connect'] as const;
type Step = (typeof steps)[number];

/** A server that cannot be asked now may be later: whoever knows why goes on. */
const goOnWords: Readonly<Record<CheckState, string>> = {
  running: 'Go on without waiting',
  passed: 'Next',
  failed: 'Continue anyway',
};

/**
 * From a name to a server whose tools are listed. A page prepares what is started; whether it may be is said outside the
 * browser. `made` goes on with a proxy that exists and waits for that.
 */
export function AddProxy({ made, onClose }: { readonly made?: string; readonly onClose: () => void }) {
  const api = useApi();
  const queryClient = useQueryClient();
  const { data: proxies } = useQuery(api.proxies.list.queryOptions());
  const { data: templates, error: noTemplates } = useQuery(api.proxies.templates.queryOptions());
  const [step, setStep] = useState<Step>(made === undefined ? 'server' : 'confirm');
  const [form, setForm] = useState(emptyForm);
  const [problems, setProblems] = useState<FormProblems>({});
  const [checked, setChecked] = useState<CheckState>('running');
  const create = useMutation(
    api.proxies.create.mutationOptions({
      meta: { ownError: true },
      onSuccess: () => {
        void queryClient.invalidateQueries(api.proxies.pathFilter());
        setStep('confirm');
      },
    }),
  );
  const name = made ?? form.name;
  const template = form.template === '' ? (templates?.[0]?.name ?? '') : form.template;

  const change = (changed: Partial<ProxyForm>): void => {
    setForm({ ...form, ...changed });
    setProblems(problemsLeft(problems, changed));
    create.reset();
  };
  const toConfirm = useCallback(() => setStep('confirm'), []);
  const toCheck = useCallback(() => setStep('check'), []);

  const leaveServer = (): void => {
    const found = problemsOf(form, proxies?.map((proxy) => proxy.name) ?? []);
    setProblems(found);
    if (Object.keys(found).length === 0) setStep('policy');
  };

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Add proxy"
      size="lg"
      footer={
        <>
          {step === 'server' && (
            <Button variant="primary" onClick={leaveServer}>
              Next
            </Button>
          )}
          {step === 'policy' && (
            <>
              <Button
                onClick={() => {
                  create.reset();
                  setStep('server');
                }}
              >
                Back
              </Button>
              <Button
                variant="primary"
                disabled={create.isPending || template === ''}
                onClick={() => create.mutate(draftOf({ ...form, template }))}
              >
                Create
              </Button>
            </>
          )}
          {step === 'confirm' && <Button onClick={onClose}>Confirm later</Button>}
          {step === 'check' && (
            <Button variant={checked === 'passed' ? 'primary' : 'default'} onClick={() => setStep('connect')}>
              {goOnWords[checked]}
            </Button>
          )}
          {step === 'connect' && (
            <Button variant="primary" onClick={onClose}>
              Done
            </Button>
          )}
        </>
      }
    >
      <StepList
        current={steps.indexOf(step)}
        failed={checked === 'failed' ? steps.indexOf('check') : undefined}
      />
      {step === 'server' && (
        <ServerStep form={form} problems={problems} onChange={change} onNext={leaveServer} />
      )}
      {step === 'policy' && (
        <>
          {noTemplates !== null && <ErrorPanel error={noTemplates} className="mb-3" />}
          <TemplateStep
            templates={templates ?? []}
            chosen={template}
            onChoose={(chosen) => change({ template: chosen })}
          />
          {create.error !== null && <ErrorPanel error={create.error} className="mt-3" />}
        </>
      )}
      {step === 'confirm' && <ConfirmStep name={name} onConfirmed={toCheck} />}
      {step === 'check' && <CheckStep name={name} onState={setChecked} onUnconfirmed={toConfirm} />}
      {step === 'connect' && <ConnectStep name={name} />}
    </Dialog>
  );
}
