/** A description with its names and values, which stand between backticks, as code. */
export const Described = ({ text }: { readonly text: string }) =>
  text.split('`').map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text stay where they are.
      <code key={index} className="font-mono">
        {part}
      </code>
    ),
  );
