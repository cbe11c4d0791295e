import { isBuiltin } from 'node:module';
import { posix, relative, resolve, sep } from 'node:path';

/** What each room may import: itself, rooms below it, and these packages; Node's own always. */
const rooms = {
	'src/api': ['undici', 'ws'],
	'src/n8n': ['src/api', 'n8n-workflow'],
	nodes: ['src/n8n', 'src/api', 'n8n-workflow'],
	credentials: ['src/n8n', 'src/api', 'n8n-workflow'],
};

const isIn = (path, folder) => path === folder || path.startsWith(`${folder}/`);

/** An ESLint rule: imports only go down, nodes → src/n8n → src/api, whichever way they are written. */
export const importDirection = {
	meta: {
		type: 'problem',
		schema: [],
		messages: {
			up: "'{{ room }}' may not import '{{ name }}', only: {{ allowed }}",
			eager:
				"'{{ name }}' is slow to load: import its types, and the rest on first use by import()",
		},
	},
	create(context) {
		const file = relative(context.cwd, context.filename).split(sep).join('/');
		const room = Object.keys(rooms).find((name) => isIn(file, name));
		if (!room) return {};
		const allowed = [room, ...rooms[room]];

		function check(source, isEager) {
			const name = source?.value;
			if (typeof name !== 'string' || isBuiltin(name)) return;
			const target = name.startsWith('.')
				? posix.join(posix.dirname(file), name)
				: resolve(name) === name
					? relative(context.cwd, name)
					: name;
			if (!allowed.some((folder) => isIn(target, folder))) {
				const data = { room, name, allowed: allowed.join(', ') };
				context.report({ node: source, messageId: 'up', data });
			} else if (isEager && name === 'undici') {
				context.report({ node: source, messageId: 'eager', data: { name } });
			}
		}

		return {
			ImportDeclaration: ({ source, importKind }) => check(source, importKind !== 'type'),
			ExportNamedDeclaration: ({ source, exportKind }) => check(source, exportKind !== 'type'),
			ExportAllDeclaration: ({ source, exportKind }) => check(source, exportKind !== 'type'),
			ImportExpression: ({ source }) => check(source, false),
			TSImportType: ({ source }) => check(source, false),
			TSExternalModuleReference: ({ expression }) => check(expression, true),
			'CallExpression[callee.name="require"]': ({ arguments: [source] }) => check(source, false),
		};
	},
};
