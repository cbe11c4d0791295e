import { startStackChild, type StackChild } from './child';

declare global {
	var localStack: StackChild | undefined;
}

/** Jest's `globalSetup`: one stack for all test files, unless SUPABASE_URL names a project already. */
export default async function setup(): Promise<void> {
	if (process.env.SUPABASE_URL) return;
	const stack = await startStackChild();
	globalThis.localStack = stack;
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
