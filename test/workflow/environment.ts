import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * n8n's home for this process, instead of the one in the person's home folder. n8n creates it on
 * first use; closing the engine removes it.
 *
 * n8n-core reads its settings from the environment while it is loaded, so this module has to be
 * imported before it.
 */
export const userFolder = join(tmpdir(), `n8n-engine-${randomUUID()}`);

process.env.N8N_USER_FOLDER = userFolder;
process.env.N8N_ENCRYPTION_KEY = randomUUID();
process.env.N8N_LOG_LEVEL ??= 'silent';
// What the person's own n8n is set to must not decide where a test's files go.
for (const name of ['N8N_STORAGE_PATH', 'N8N_BINARY_DATA_STORAGE_PATH', 'EXECUTIONS_MODE']) {
	delete process.env[name];
}
process.env.N8N_DEFAULT_BINARY_DATA_MODE = 'filesystem';
