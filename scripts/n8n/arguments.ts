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

/**
 * @param args the command's own arguments
 * @param environment npm's: `npm start --fresh`, without the `--`, arrives there
 * @throws Problem for an argument that is not known
 */
export function readArguments(
	args: readonly string[],
	environment: Readonly<Record<string, string | undefined>>,
): Arguments {
	try {
		const { values } = parseArgs({
			args: [...args],
			options: {
				help: { type: 'boolean', default: false },
				fresh: { type: 'boolean', default: false },
				port: { type: 'string' },
			},
		});
		return {
			help: values.help,
			fresh: values.fresh || environment.npm_config_fresh === 'true',
			port: portFrom(values.port ?? environment.npm_config_port),
		};
	} catch (error) {
		if (error instanceof Problem) throw error;
		throw new Problem((error as Error).message, HELP);
	}
}

function portFrom(text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	const port = Number(text);
	if (!Number.isInteger(port) || port < 1 || port > 65_535) {
		throw new Problem(`--port ${text} is no port.`, 'A port is a whole number from 1 to 65535.');
	}
	return port;
}
