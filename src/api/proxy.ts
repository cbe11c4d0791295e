import { InvalidRequestError } from './errors';

/** The proxy that leads to an address. */
export interface ProxyUse {
	readonly uri: string;
	/** The environment variable that names it. */
	readonly variable: string;
	/** The address is one of this machine, which a proxy elsewhere cannot reach. */
	readonly loopback: boolean;
}

/**
 * The proxy for an address, by `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` as curl and Node.js read
 * them: in lower case first, and that of `HTTP_PROXY` for https where there is no other.
 *
 * @throws InvalidRequestError for a variable that names no proxy; its value, which may hold a
 * password, is not in it
 */
export function proxyFor(
	address: string,
	environment: NodeJS.ProcessEnv = process.env,
): ProxyUse | undefined {
	const { protocol, hostname, port } = new URL(address);
	const variable = (protocol === 'https:' ? ['https_proxy', 'http_proxy'] : ['http_proxy'])
		.map((name) => nameOf(name, environment))
		.find((name) => environment[name]);
	if (!variable) return undefined;
	const host = hostname.replace(/^\[|\]$/g, '');
	const passedBy = environment[nameOf('no_proxy', environment)] ?? '';
	const isPassedBy = passedBy
		.split(/[,\s]+/)
		.some((entry) => isFor(entry.toLowerCase(), host, port || defaultPort(protocol)));
	if (isPassedBy) return undefined;
	const uri = environment[variable]?.trim() ?? '';
	if (!URL.canParse(uri) || !/^(https?|socks5?):$/.test(new URL(uri).protocol)) {
		throw new InvalidRequestError(
			`${variable} is not the address of a proxy`,
			'Where n8n runs, write it with its scheme, such as http://proxy.example.com:3128.',
		);
	}
	return { uri, variable, loopback: /^(localhost|127(\.\d+){3}|::1)$/.test(host) };
}

/** A variable in lower case wins, even if it is empty. */
function nameOf(name: string, environment: NodeJS.ProcessEnv): string {
	return environment[name] === undefined ? name.toUpperCase() : name;
}

function defaultPort(protocol: string): string {
	return protocol === 'https:' ? '443' : '80';
}

/** Whether an entry of `NO_PROXY` is for a host: itself, all below it, all hosts (`*`), or one port. */
function isFor(entry: string, host: string, port: string): boolean {
	if (entry === '*') return true;
	const [, bracketed, plain, wanted] = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(entry) ?? [];
	const name = (bracketed ?? plain ?? entry).replace(/^\*?\./, '');
	if (!name || (wanted && wanted !== port)) return false;
	return host === name || host.endsWith(`.${name}`);
}
