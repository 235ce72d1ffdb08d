import { Callout } from '../display/callout.tsx';

export function OperatorsOnly() {
  return (
    <div className="mb-6">
      <Callout title="Only the operators of this Clipdex add it to servers">
        Whoever runs it has decided so. Ask them to add it to your server.
      </Callout>
    </div>
  );
}
