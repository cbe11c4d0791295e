import type { StackReady } from '../main';

/** One of Jest's `setupFiles`: the stack of this worker, unless SUPABASE_URL names a project already. */
async function join(): Promise<void> {
	if (process.env.SUPABASE_URL) return;
	const answer = await fetch(`${process.env.STACK_LANES}/${process.env.JEST_WORKER_ID}`);
	if (!answer.ok) throw new Error(await answer.text());
	const stack = (await answer.json()) as StackReady;
	Object.assign(process.env, {
		SUPABASE_URL: stack.url,
		SUPABASE_PUBLISHABLE_KEY: stack.publishableKey,
		SUPABASE_SECRET_KEY: stack.secretKey,
		STACK_DATABASE_URL: stack.databaseUrl,
		STACK_ANON_JWT: stack.anonJwt,
		STACK_SERVICE_ROLE_JWT: stack.serviceRoleJwt,
		STACK_JWT_SECRET: stack.jwtSecret,
	});
}

// Jest calls the module itself.
module.exports = join;
