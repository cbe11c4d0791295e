import { InvalidRequestError } from './errors';
import { checkHeaders, type Headers } from './headers';
import { checkKey, type ProjectKeys } from './keys';
import { SERVICES, type Service } from './service';

/** What a person enters about a project. */
export interface ProjectSettings {
	readonly url: string;
	readonly publishableKey?: string;
	readonly secretKey?: string;
	/** For self-hosted projects: a path below the URL, or an address, for each service that moved. */
	readonly services?: Partial<Record<Service, string>>;
	readonly headers?: Headers;
	readonly ignoreTlsErrors?: boolean;
}

/** A project as requests need it: checked, and with an address for each service. */
export interface Project extends ProjectKeys {
	/** Address of each service, without a slash at its end. */
	readonly services: Readonly<Record<Service, string>>;
	readonly headers: Headers;
	readonly ignoreTlsErrors: boolean;
}

const DEFAULT_PATHS: Record<Service, string> = {
	rest: '/rest/v1',
	auth: '/auth/v1',
	storage: '/storage/v1',
	functions: '/functions/v1',
	realtime: '/realtime/v1',
};

const URL_HINT =
	'It looks like https://abcdefghijklmnopqrst.supabase.co: in the dashboard under Project Settings, Data API.';

/**
 * Checks what a person entered and derives the address of each service.
 *
 * @throws InvalidRequestError for a URL or key that cannot be right, naming the right one where it
 * can be told
 */
export function readProject(settings: ProjectSettings): Project {
	const url = projectUrl(settings.url);
	const publishableKey = settings.publishableKey?.trim() || undefined;
	const secretKey = settings.secretKey?.trim() || undefined;
	if (!publishableKey && !secretKey) {
		throw new InvalidRequestError(
			'The credential has no key',
			'Enter the Publishable Key, the Secret Key, or both.',
		);
	}
	if (publishableKey) checkKey('publishableKey', publishableKey);
	if (secretKey) checkKey('secretKey', secretKey);
	return {
		publishableKey,
		secretKey,
		services: Object.fromEntries(
			SERVICES.map((service) => [
				service,
				serviceAddress(url, service, settings.services?.[service]),
			]),
		) as Record<Service, string>,
		headers: checkHeaders(Object.entries(settings.headers ?? {}), 'in the credential'),
		ignoreTlsErrors: settings.ignoreTlsErrors ?? false,
	};
}

function serviceAddress(projectAddress: string, service: Service, own: string | undefined): string {
	const text = own?.trim();
	if (!text) return projectAddress + DEFAULT_PATHS[service];
	if (/^\w+:\/\//.test(text)) return address(parseUrl(text, `The address of ${service}`));
	return address(
		parseUrl(`${projectAddress}/${text.replace(/^\/+/, '')}`, `The path of ${service}`),
	);
}

/**
 * The project's address: trimmed, with a path prefix kept and a service's own path cut off.
 *
 * @throws InvalidRequestError for one that cannot be right
 */
export function projectUrl(text: string): string {
	const trimmed = text.trim();
	if (!trimmed) throw new InvalidRequestError('The Project URL is empty', URL_HINT);
	if (/^postgres(ql)?:/i.test(trimmed)) {
		throw new InvalidRequestError(
			'The Project URL is a connection string of the database',
			URL_HINT,
		);
	}
	if (/^[a-z]{20}$/.test(trimmed))
		throw useInstead(trimmed, 'is the reference of the project only');
	const mistaken = URL.canParse(trimmed) ? mistakenFor(new URL(trimmed)) : undefined;
	if (mistaken) throw mistaken;
	const url = parseUrl(trimmed, 'The Project URL');
	const servicePath = new RegExp(`(${Object.values(DEFAULT_PATHS).join('|')})/?$`);
	url.pathname = url.pathname.replace(servicePath, '');
	return address(url);
}

/** Addresses that belong to a project but are not the project's own. */
function mistakenFor({ hostname, pathname }: URL): InvalidRequestError | undefined {
	if (/^((app|www)\.)?supabase\.(com|io)$/.test(hostname)) {
		return useInstead(/\/project\/(\w{20})/.exec(pathname)?.[1], "is the dashboard's address");
	}
	const databaseRef = /^db\.(\w+)\.supabase\.co$/.exec(hostname)?.[1];
	return databaseRef ? useInstead(databaseRef, "is the database server's address") : undefined;
}

function parseUrl(text: string, what: string): URL {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (!url || !/^https?:$/.test(url.protocol) || !url.hostname) {
		// What stands before an @ may be a password.
		const missingScheme = /^(?!\w+:\/\/)[^@]+$/.test(text) && URL.canParse(`https://${text}`);
		throw new InvalidRequestError(
			`${what} is not an http or https address`,
			missingScheme ? `Did you mean https://${text}?` : URL_HINT,
		);
	}
	if (url.username || url.password) {
		throw new InvalidRequestError(`${what} holds a user name or password`, URL_HINT);
	}
	if (url.protocol === 'http:' && /\.supabase\.(co|in|net)$/.test(url.hostname)) {
		throw new InvalidRequestError(
			`${what} begins with http://, so that the keys could be read on the way`,
			`Use https://${url.hostname}`,
		);
	}
	if (url.search || url.hash) {
		throw new InvalidRequestError(`${what} ends in a query or a fragment`, URL_HINT);
	}
	return url;
}

function useInstead(reference: string | undefined, what: string): InvalidRequestError {
	return new InvalidRequestError(
		`The Project URL ${what}`,
		reference ? `Use https://${reference}.supabase.co` : URL_HINT,
	);
}

function address(url: URL): string {
	return url.origin + url.pathname.replace(/\/+$/, '');
}
