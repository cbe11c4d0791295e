/**
 * Loaded into n8n before its own program (`node --require`). It ends n8n in order when the program
 * that started it says so, or is gone: by a message and not by a signal, since Windows has none
 * and since a parent that was killed sends none.
 */
const PATIENCE_MS = 15_000;

let leaving = false;

function leave() {
	if (leaving) return;
	leaving = true;
	// n8n's own handler stops workflows, task runners and the server. Before it is there, nothing runs.
	if (!process.emit('SIGTERM')) process.exit(0);
	setTimeout(() => process.exit(1), PATIENCE_MS).unref();
}

process.on('message', (message) => {
	if (message === 'leave') leave();
});
process.on('disconnect', leave);
