import { Outlet } from '@tanstack/react-router';
import { useFocusAfterMoves } from './use-focus-after-moves.ts';

export function RootPage() {
  useFocusAfterMoves();
  return <Outlet />;
}
