import type { IncomingMessage } from 'node:http';
import type postgres from 'postgres';

import type { GatewayRoute } from './gateway';
import type { ProjectKeys } from './keys';
import type { Lite } from './lite';

/** What a service may use of the stack that it is a part of. */
export interface StackParts {
	/** PostgreSQL as its superuser. */
	sql: postgres.Sql;
	databaseUrl: string;
	lite: Lite;
	keys: ProjectKeys;
	/** Schemas that the REST service shows, in the order of its settings. */
	schemas: string[];
	/** Address of the gateway, which listens once every service has started. */
	url: string;
	/** The stack's folder: a service keeps its files in one of its own inside, named after it. */
	folder: string;
	/** The project is made just now, and is to get its sample. */
	isNew: boolean;
}

/** A service behind the gateway. */
export interface Service {
	route: GatewayRoute;
	/** Pages for whoever works with the stack, which ask for no key. */
	pages?: GatewayRoute[];
	/** What tests see and provoke of it, by method and path below `/__control/`. */
	controls?: Controls;
	close?: () => Promise<void>;
}

/** Each gives what is answered as JSON, by method and name such as `GET mails`. */
export type Controls = Record<string, (request: IncomingMessage) => unknown>;

export type StartService = (parts: StackParts) => Promise<Service>;
