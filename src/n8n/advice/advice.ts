import type { SchemaDescription } from '../../api/database/description';

/** A trouble that a service can have with a request, and how a person mends it. */
export interface Advice {
	/** Code of the service, of PostgreSQL or of the gateway. */
	readonly code?: RegExp;
	/** The HTTP status; for what comes without a code that is known. */
	readonly status?: RegExp;
	/** Where one code stands for several troubles: what the service says. Named groups are words. */
	readonly message?: RegExp;
	readonly details?: RegExp;
	readonly hint?: RegExp;
	/** The operation, such as `row.upsert`. */
	readonly on?: RegExp;
	/** The role that the request had. */
	readonly as?: RegExp;
	/**
	 * What is wrong; the service's own message where there is none. In this and in `mend` a name in
	 * braces stands for a word, and an advice whose words are not all known does not fit.
	 */
	readonly title?: string;
	/** What to do. */
	readonly mend: string;
}

/** The texts of a service. */
export interface ServiceAdvice {
	/** The first that fits is given. */
	readonly advice: readonly Advice[];
	/** Words that no group of an advice gives; asked for only where a text holds them. */
	readonly words?: Readonly<Record<string, Word>>;
}

/** A word for a text: `undefined` where it is not known. */
export type Word = (found: Found, context: ErrorContext) => string | undefined;

/** What the groups of an advice found. */
export type Found = Readonly<Record<string, string | undefined>>;

/** What was asked for when a service refused it, as far as it is known. */
export interface ErrorContext {
	/** Resource and operation, such as `row.upsert`. */
	readonly operation?: string;
	/** The role that the database sees. */
	readonly role?: DatabaseRole;
	/** The policies that a role needs for it, in words. */
	readonly rights?: string;
	/** A parameter of the item, or of its options as `options.name`. */
	parameter?(name: string): unknown;
	/** The items at fault, counted from 0, with what each was compiled to. */
	readonly plans?: ReadonlyArray<{ readonly item: number; readonly plan: unknown }>;
	/** The description of a schema, where it is known without asking. */
	description?(schema: string): SchemaDescription | undefined;
}

export type DatabaseRole = 'service_role' | 'anon' | 'authenticated';
