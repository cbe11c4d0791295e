import { createHmac, randomBytes } from 'node:crypto';

/** Every key of a project: both kinds, and the secret that signs the JWTs. */
export interface ProjectKeys {
	publishableKey: string;
	secretKey: string;
	/** Legacy anon key, a JWT. */
	anonJwt: string;
	/** Legacy service_role key, a JWT. */
	serviceRoleJwt: string;
	jwtSecret: string;
}

export type ProjectRole = 'anon' | 'service_role';

const TEN_YEARS_S = 10 * 365 * 24 * 3600;

/** Makes the keys of a new project. */
export function createKeys(): ProjectKeys {
	const jwtSecret = randomBytes(32).toString('base64url');
	return {
		publishableKey: `sb_publishable_${opaque()}`,
		secretKey: `sb_secret_${opaque()}`,
		anonJwt: projectJwt('anon', jwtSecret),
		serviceRoleJwt: projectJwt('service_role', jwtSecret),
		jwtSecret,
	};
}

function opaque(): string {
	return `${randomBytes(16).toString('base64url').replace(/[-_]/g, 'x')}_${randomBytes(4).toString('hex')}`;
}

function projectJwt(role: ProjectRole, secret: string): string {
	const now = Math.floor(Date.now() / 1000);
	return signJwt({ iss: 'supabase', ref: 'local', role, iat: now, exp: now + TEN_YEARS_S }, secret);
}

/** A JWT signed with HS256, as Supabase's services accept it. */
export function signJwt(claims: Record<string, unknown>, secret: string): string {
	const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
	const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
	return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

const LEEWAY_S = 30;

/** The claims of a JWT that was signed with `secret` and has not expired; undefined for any other. */
export function verifyJwt(token: string, secret: string): Record<string, unknown> | undefined {
	const end = token.lastIndexOf('.');
	const signature = createHmac('sha256', secret)
		.update(token.slice(0, Math.max(end, 0)))
		.digest('base64url');
	if (end < 0 || signature !== token.slice(end + 1)) return undefined;
	const claims = JSON.parse(
		Buffer.from(token.split('.')[1] ?? '', 'base64url').toString(),
	) as Record<string, unknown>;
	const now = Date.now() / 1000;
	return typeof claims.exp === 'number' && claims.exp + LEEWAY_S < now ? undefined : claims;
}

/** The role in a JWT's claims; undefined for what is not a JWT. Its signature is not checked. */
export function roleOfJwt(token: string): string | undefined {
	try {
		const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
			role?: unknown;
		};
		return typeof claims.role === 'string' ? claims.role : undefined;
	} catch {
		return undefined;
	}
}
