import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Me } from '../../../src/http/contract.ts';
import { sendJson } from '../api/send-json.ts';
import { Problem } from '../display/problem.tsx';
import { Switch } from '../display/switch.tsx';
import { Section } from '../page/section.tsx';
import { noteMe } from '../viewer/viewer-query.ts';

/** What the viewer chose for all their browsers. */
export function Preferences({ me }: { me: Me }) {
  const queryClient = useQueryClient();
  const { mutate, isPending, variables, error } = useMutation({
    mutationFn: (showsAgeRestricted: boolean) => sendJson<Me>('PATCH', '/api/me', { showsAgeRestricted }),
    onSuccess: (changed) => noteMe(queryClient, changed),
  });
  return (
    <Section title="What you see">
      <Switch
        label="Show age-restricted videos without blur"
        hint="Videos of age-restricted channels are covered until you ask for them. Switch this on only if you are of age."
        isOn={isPending ? variables : me.showsAgeRestricted}
        isDisabled={isPending}
        onChange={mutate}
      />
      <Problem error={error} />
    </Section>
  );
}
