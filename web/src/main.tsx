import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { router } from './router.tsx';
import { createQueryClient } from './viewer/create-query-client.ts';
import { viewerOptions } from './viewer/viewer-query.ts';
import './styles.css';

const queryClient = createQueryClient();
void queryClient.prefetchQuery(viewerOptions); // every page begins with it

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
