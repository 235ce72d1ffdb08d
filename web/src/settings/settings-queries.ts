import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { SettingsView } from '../../../src/http/contract.ts';
import { fetchJson } from '../api/fetch-json.ts';
import { sendJson } from '../api/send-json.ts';

export type SettingKey = keyof SettingsView['effective'];

export function useSettings(guildId: string) {
  return useQuery({
    queryKey: ['settings', guildId],
    queryFn: ({ signal }) => fetchJson<SettingsView>(`/api/guilds/${guildId}/settings`, {}, signal),
  });
}

/** Changes one setting; null lets it inherit again. What is shown of channels and videos may depend on it. */
export function useSettingChange<Value>(guildId: string, key: SettingKey) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (value: Value) =>
      sendJson<SettingsView>('PATCH', `/api/guilds/${guildId}/settings`, { [key]: value }),
    async onSuccess(view) {
      queryClient.setQueryData(['settings', guildId], view);
      await queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'settings' });
    },
  });
}
