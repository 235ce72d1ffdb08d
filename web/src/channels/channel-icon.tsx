import { ForumIcon, HashIcon, HornIcon, SpeakerIcon, ThreadIcon } from '../display/icons.tsx';

export function ChannelIcon({ type }: { type: string | null }) {
  const className = 'size-4 opacity-70';
  if (type === 'voice' || type === 'stage') return <SpeakerIcon className={className} />;
  if (type === 'announcement') return <HornIcon className={className} />;
  if (type === 'forum' || type === 'media') return <ForumIcon className={className} />;
  if (type?.endsWith('_thread')) return <ThreadIcon className={className} />;
  return <HashIcon className={className} />;
}
