/** The parts of a Supabase project, each below an address of its own. */
export const SERVICES = ['rest', 'auth', 'storage', 'functions', 'realtime'] as const;

export type Service = (typeof SERVICES)[number];
