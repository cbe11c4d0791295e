import { isBuiltin } from 'node:module';
import { posix, relative, sep } from 'node:path';

/** What each room may import besides itself and Node's own modules. */
const rooms = {
	'src/api': ['undici', 'ws'],
	'src/n8n': ['src/api', 'n8n-workflow'],
	nodes: ['src/n8n', 'src/api', 'n8n-workflow'],
	credentials: ['src/n8n', 'src/api', 'n8n-workflow'],
};

const isIn = (path, folder) => path === folder || path.startsWith(`${folder}/`);

/** An ESLint rule: imports only go down, nodes → src/n8n → src/api, and none goes to the tests. */
export const importDirection = {
	meta: {
		type: 'problem',
		schema: [],
		messages: {
			up: "'{{ room }}' may import {{ allowed }}, and not '{{ name }}'",
			test: 'Only tests, examples, measurements and scripts may import from the tests',
			eager:
				"'{{ name }}' is slow to load: import its types, and the rest on first use by import()",
		},
	},
	create(context) {
		const file = relative(context.cwd, context.filename).split(sep).join('/');
		if (['test', 'examples', 'bench', 'scripts'].some((folder) => isIn(file, folder))) return {};
		const room = Object.keys(rooms).find((name) => isIn(file, name));
		const allowed = room && [room, ...rooms[room]];

		function check(source, isEager) {
			const name = source?.value;
			if (typeof name !== 'string' || isBuiltin(name)) return;
			const target = name.startsWith('.') ? posix.join(posix.dirname(file), name) : name;
			if (isIn(target, 'test')) {
				context.report({ node: source, messageId: 'test' });
			} else if (allowed && !allowed.some((folder) => isIn(target, folder))) {
				const data = { room, name, allowed: allowed.join(', ') };
				context.report({ node: source, messageId: 'up', data });
			} else if (room && isEager && name === 'undici') {
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
