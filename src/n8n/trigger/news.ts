import type { Table } from '../../api/database/table';
import type { ListeningNews } from '../../api/realtime/listening';

type Level = 'debug' | 'info' | 'warn';

/** News as a line of n8n's log; `undefined` for what nobody needs to read. */
export function lineOf(
	news: ListeningNews,
	words: (error: unknown) => string,
): { readonly level: Level; readonly text: string } | undefined {
	switch (news.name) {
		case 'sweeping':
			return undefined;
		case 'swept':
			return {
				level: news.missed > 0 ? 'info' : 'debug',
				text: `read "${nameOf(news.table)}" again: ${news.found} found that had not come${news.missed > 0 ? `, of which ${news.missed} Realtime should have sent` : ''}${news.more ? '; more follow' : ''}`,
			};
		case 'sweepFailed':
			return {
				level: 'warn',
				text: `could not read "${nameOf(news.table)}", and tries again in ${Math.round(news.retryIn / 1000)} s; nothing is lost. ${words(news.error)}`,
			};
		case 'overflow':
			return {
				level: 'warn',
				text: news.isSwept
					? 'has more changes than executions can take. What comes now is read again later, but for deletes.'
					: 'has more changes than executions can take, and drops the newest. With Live they are lost.',
			};
		case 'resumed':
			return {
				level: news.isSwept ? 'info' : 'warn',
				text: `takes changes again; ${news.dropped} were dropped meanwhile, ${news.isSwept ? 'and are read again' : 'and are lost'}`,
			};
		case 'roomOverflow':
			return {
				level: 'warn',
				text: 'has more messages of channels than executions can take, and drops the newest',
			};
		case 'roomResumed':
			return { level: 'warn', text: `takes messages again; ${news.dropped} were dropped` };
		case 'rejoining':
			return {
				level: 'debug',
				text:
					news.why === 'planned' ? 'joins anew, as planned' : 'joins anew, as changes were missed',
			};
		case 'rejoinFailed':
			return { level: 'info', text: `could not join anew. ${words(news.error)}` };
		case 'narrowed':
			return {
				level: 'warn',
				text: `has so many changes of "${nameOf(news.table)}" that some which are committed late may be overlooked`,
			};
		case 'clockBack':
			return {
				level: 'info',
				text: `saw the cursor of "${nameOf(news.table)}" run back, and reads from further back`,
			};
		case 'emitFailed':
			return { level: 'warn', text: `could not start an execution. ${words(news.error)}` };
	}
}

function nameOf({ schema, name }: Table): string {
	return `${schema}.${name}`;
}
