import { action } from './door.ts';

export const getMetrics = action({
  summary: 'Metrics of this process and of the instance, for Prometheus',
  answer: null,
  async handle({ metrics, db, gatewayState }, { context }) {
    context.header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8');
    context.header('Cache-Control', 'private, no-store');
    return context.body(await metrics.read(db, gatewayState));
  },
});
