import { randomUUID } from 'node:crypto';
import { createClient } from '@supabase/supabase-js';
import WebSocket from 'ws';

/** A user who has signed in. */
export interface SignedInUser {
	id: string;
	email: string;
	password: string;
	accessToken: string;
	refreshToken: string;
}

export interface ProjectAddress {
	url: string;
	publishableKey: string;
}

/** The project that the jest setup started, or that the environment names. */
export function projectFromEnvironment(): ProjectAddress {
	return {
		url: process.env.SUPABASE_URL ?? '',
		publishableKey: process.env.SUPABASE_PUBLISHABLE_KEY ?? '',
	};
}

/**
 * Signs up a new user through auth.
 *
 * @throws Error when the project wants an address confirmed first
 */
export async function createUser(project = projectFromEnvironment()): Promise<SignedInUser> {
	const email = `user-${randomUUID()}@example.com`;
	const password = `Pw-${randomUUID()}`;
	const { data, error } = await authClient(project).signUp({ email, password });
	return signedIn(data.session, error, email, password);
}

/** Signs an existing user in. */
export async function signIn(
	user: { email: string; password: string },
	project = projectFromEnvironment(),
): Promise<SignedInUser> {
	const { data, error } = await authClient(project).signInWithPassword(user);
	return signedIn(data.session, error, user.email, user.password);
}

function authClient(project: ProjectAddress) {
	return createClient(project.url, project.publishableKey, {
		auth: { persistSession: false, autoRefreshToken: false },
		realtime: { transport: WebSocket as never },
	}).auth;
}

function signedIn(
	session: { access_token: string; refresh_token: string; user: { id: string } } | null,
	error: Error | null,
	email: string,
	password: string,
): SignedInUser {
	if (error) throw error;
	if (!session) throw new Error(`${email} has to be confirmed before signing in`);
	return {
		id: session.user.id,
		email,
		password,
		accessToken: session.access_token,
		refreshToken: session.refresh_token,
	};
}
