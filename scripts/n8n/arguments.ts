import { parseArgs } from 'node:util';
import { Problem } from './problem';

export interface Arguments {
	readonly help: boolean;
	readonly fresh: boolean;
	/** The port for n8n that the person asked for. */
	readonly port?: number;
}

export const HELP = `npm start                    n8n with this pack on a local Supabase
npm start -- --fresh         the same from the beginning: all data of earlier starts go
npm start -- --port 8080     n8n on this port (otherwise 5678, or the next free one)
npm start -- --help          this text

Everything is kept in .n8n-local: remove the folder to be rid of it.`;

const options = {
	help: { type: 'boolean', default: false },
	fresh: { type: 'boolean', default: false },
	port: { type: 'string' },
} as const;

/**
 * @param args the command's own arguments
 * @param environment npm's: `npm start --fresh`, without the `--`, arrives there
 * @throws Problem for an argument that is not known
 */
export function readArguments(args: string[], environment: NodeJS.ProcessEnv): Arguments {
	const { help, fresh, port = environment.npm_config_port } = parsed(args);
	if (port !== undefined && !(/^\d+$/.test(port) && Number(port) > 0 && Number(port) < 65_536))
		throw new Problem(`--port ${port} is no port.`, 'A port is a whole number from 1 to 65535.');
	return {
		help,
		fresh: fresh || environment.npm_config_fresh === 'true',
		port: port === undefined ? undefined : Number(port),
	};
}

function parsed(args: string[]) {
	try {
		return parseArgs({ args, options }).values;
	} catch (error) {
		throw new Problem((error as Error).message, HELP);
	}
}
