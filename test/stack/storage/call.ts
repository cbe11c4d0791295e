import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type postgres from 'postgres';

import { Database } from './database';
import { accessDenied, invalidRequest } from './errors';
import type { Files } from './files';
import { validate, type Fields, type Values } from './schemas';
import { verify, type Claims, type Tokens } from './tokens';

/** What may be changed while the server runs. */
export interface StorageSettings {
	/** Largest file of all, in bytes. */
	fileSizeLimit: number;
	/** Largest file in one request, when it is smaller than that. */
	standardSizeLimit?: number;
	/** Seconds that a signed upload URL holds. */
	uploadUrlSeconds: number;
	/** Serve `/render/image`. */
	imageTransformation: boolean;
	/** Refuse to remove more than 1000 objects at once. */
	hardLimits: boolean;
	/** Time that emptying a bucket takes, after the answer. */
	emptyDelayMs: number;
}

/** What all requests share. */
export interface StorageService {
	sql: postgres.Sql;
	files: Files;
	tokens: Tokens;
	settings: StorageSettings;
}

/** How a route deals with who asks. */
export type Access =
	/** A token in `Authorization` is asked for, and must hold. */
	| 'key'
	/** The same, but one that is missing is treated as one that is wrong. */
	| 'token'
	/** A token that does not hold counts as none. */
	| 'optional'
	/** Nobody asks. */
	| 'none';

/** One request on its way through the server. */
export class Call {
	bucket = '';
	/** The rest of the path, decoded. */
	key = '';
	/** Claims of a token that holds. */
	claims: Claims | undefined;
	db: Database;

	constructor(
		readonly service: StorageService,
		readonly request: IncomingMessage,
		readonly response: ServerResponse,
		readonly query: URLSearchParams,
		private readonly operation: string,
	) {
		this.db = this.databaseOf(undefined);
	}

	header(name: string): string | undefined {
		const value = this.request.headers[name];
		return Array.isArray(value) ? value.join(', ') : value;
	}

	get owner(): string | undefined {
		return typeof this.claims?.sub === 'string' ? this.claims.sub : undefined;
	}

	get isUpsert(): boolean {
		return this.header('x-upsert') === 'true';
	}

	/**
	 * Finds out who asks.
	 *
	 * @throws StorageError when the route wants to know and nobody, or nobody real, does
	 */
	authenticate(access: Access): void {
		if (access === 'none') return;
		const header = this.header('authorization');
		if (access === 'key' && header === undefined)
			throw invalidRequest("headers must have required property 'authorization'");
		try {
			this.claims = verify((header ?? '').replace(/^Bearer\s+/i, ''), this.service.tokens);
		} catch (error) {
			if (access !== 'optional') throw accessDenied((error as Error).message);
		}
		this.db = this.databaseOf(this.claims);
	}

	/** The token in a signed URL. */
	token(): string {
		const query = validate(
			Object.fromEntries(this.query),
			{ token: { type: 'string', required: true } },
			'querystring',
		);
		return query.token as string;
	}

	/** The checked body of a request with JSON. */
	async body(fields: Fields): Promise<Values> {
		return validate(await this.json(), fields, 'body');
	}

	/** Reads and drops a body that does not matter, but complains of one that is no JSON. */
	async json(mayBeEmpty = false): Promise<unknown> {
		const content = await text(this.request);
		if (!/^application\/json\b/i.test(this.header('content-type') ?? '')) return undefined;
		const complain = (what: string) =>
			invalidRequest(`Body ${what} content-type is set to 'application/json'`, 'FastifyError');
		if (content === '') {
			if (mayBeEmpty) return undefined;
			throw complain('cannot be empty when');
		}
		try {
			return JSON.parse(content) as unknown;
		} catch {
			throw complain('is not valid JSON but');
		}
	}

	send(status: number, body: unknown, headers: Record<string, string> = {}): void {
		const content = JSON.stringify(body);
		this.response.writeHead(status, {
			'content-type': 'application/json; charset=utf-8',
			'content-length': Buffer.byteLength(content),
			...headers,
		});
		this.response.end(this.request.method === 'HEAD' ? undefined : content);
	}

	private databaseOf(claims: Claims | undefined): Database {
		const role = typeof claims?.role === 'string' ? claims.role : 'anon';
		return new Database(this.service.sql, { role, claims: claims ?? { role } }, this.operation);
	}
}
