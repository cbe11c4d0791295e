import { literal } from '../../sql';
import { deadQueueName, checkNewQueueName } from '../names';
import { eachPublicFunction } from './wrappers';

/** Takes away the triggers of all queues, or of one, also those of an older version. */
function dropTriggers(queue?: string): string {
	const only =
		queue === undefined
			? ''
			: ` and split_part(encode(t.tgargs, 'escape'), '\\000', 1) = ${literal(queue)}`;
	return `
do $n8n$
declare
	ours record;
begin
	for ours in
		select t.tgname, t.tgrelid::regclass place from pg_trigger t join pg_proc p on p.oid = t.tgfoid
			join pg_namespace n on n.oid = p.pronamespace
		where n.nspname = 'n8n_durable' and t.tgparentid = 0${only}
	loop
		execute format('drop trigger %I on %s', ours.tgname, ours.place);
	end loop;
end $n8n$;
`.trim();
}

function dropQueues(queue: string): string {
	return `
-- The queue itself stays, with what waits in it. To drop it and its dead letters, for good:
-- select pgmq.drop_queue(${literal(queue)});
-- select pgmq.drop_queue(${literal(deadQueueName(queue))});
`.trim();
}

/**
 * SQL that takes the captures of one queue away, or all that `durableSql` has ever made. Queues are left, since they
 * hold what was not worked off: the statements that drop them stand in a comment.
 *
 * @throws InvalidRequestError for a name of a queue that cannot be one of ours
 */
export function uninstallSql(queue?: string): string {
	if (queue !== undefined) {
		checkNewQueueName(queue);
		return `${dropTriggers(queue)}\n\n${dropQueues(queue)}\n`;
	}
	return (
		[
			dropTriggers(),
			eachPublicFunction("'drop function ' || ours"),
			'drop schema if exists n8n_durable cascade;',
			"notify pgrst, 'reload schema';",
			`
-- Queues stay, with what waits in them. To drop one and its dead letters, for good:
-- select pgmq.drop_queue('the queue');
-- select pgmq.drop_queue('the queue_dead');
`.trim(),
		].join('\n\n') + '\n'
	);
}
