type SkipLinkProps = { to: string; children: string };

/** The first stop of the keyboard: past the header, to what the page is about. */
export function SkipLink({ to, children }: SkipLinkProps) {
  return (
    <a
      href={`#${to}`}
      className="sr-only rounded-lg bg-accent px-4 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-40"
    >
      {children}
    </a>
  );
}
