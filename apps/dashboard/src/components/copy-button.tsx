'use client';

import { Check, Copy } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { Button, type ButtonProps } from './button.tsx';
import { toast } from './toast.tsx';

const saidMs = 1_500;

/** Copies a text, which may be fetched when it is asked for. Without children it is an icon, named by `label`. */
export function CopyButton({
  text,
  label = 'Copy',
  children,
  ...rest
}: Omit<ButtonProps, 'onClick' | 'children'> & {
  readonly text: string | (() => Promise<string>);
  readonly label?: string;
  readonly children?: ReactNode;
}) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), saidMs);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : await text());
      setCopied(true);
    } catch (error) {
      toast.error(
        `It could not be copied: ${error instanceof Error ? error.message : 'the browser refused.'}`,
      );
    }
  };
  const icon = copied ? <Check aria-hidden className="text-good" /> : <Copy aria-hidden />;
  return children === undefined ? (
    <Button
      variant="ghost"
      size="icon-sm"
      aria-label={copied ? 'Copied' : label}
      {...rest}
      onClick={() => void copy()}
    >
      {icon}
    </Button>
  ) : (
    <Button {...rest} onClick={() => void copy()}>
      {icon}
      {children}
    </Button>
  );
}
