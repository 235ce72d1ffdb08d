import { useInstance } from '../page/instance-query.ts';
import { useMe } from '../viewer/viewer-query.ts';

/** Whether this instance lets the viewer add its bot anywhere. Until that is known, yes: the server decides. */
export function useMayInstall(): boolean {
  const instance = useInstance();
  const isOperator = useMe()?.isOperator === true;
  return instance?.mayInstall !== 'operators' || isOperator;
}
