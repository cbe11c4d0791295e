import { ExecutionLifecycleHooks, ExternalSecretsProxy } from 'n8n-core';
import type {
	INodeParameters,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import type { TestCredentials } from './credentials';

const nowhere = 'http://127.0.0.1:1/';

/** The surroundings that n8n's server gives to an execution, as far as nodes of ours touch them. */
export function additionalData(
	credentialsHelper: TestCredentials,
	{
		workflow = {} as IWorkflowBase,
		mode = 'manual',
		executionId = '1',
		currentNodeParameters,
	}: {
		workflow?: IWorkflowBase;
		mode?: WorkflowExecuteMode;
		executionId?: string;
		currentNodeParameters?: INodeParameters;
	} = {},
): IWorkflowExecuteAdditionalData {
	return {
		credentialsHelper,
		hooks: new ExecutionLifecycleHooks(mode, executionId, workflow),
		executionId,
		currentNodeExecutionIndex: 0,
		...(currentNodeParameters && { currentNodeParameters }),
		variables: {},
		externalSecretsProxy: new ExternalSecretsProxy(),
		restApiUrl: `${nowhere}rest`,
		instanceBaseUrl: nowhere,
		formBaseUrl: nowhere,
		formWaitingBaseUrl: nowhere,
		formTestBaseUrl: nowhere,
		webhookBaseUrl: nowhere,
		webhookWaitingBaseUrl: nowhere,
		webhookTestBaseUrl: nowhere,
		mcpBaseUrl: nowhere,
		mcpTestBaseUrl: nowhere,
		logAiEvent: () => {},
		executeWorkflow: () => notHere('sub-workflows'),
		getRunExecutionData: () => notHere('earlier executions'),
		getRuntimeCredential: () => notHere('runtime credentials'),
		startRunnerTask: () => notHere('task runners'),
	};
}

function notHere(what: string): Promise<never> {
	return Promise.reject(new Error(`The test engine has no ${what}`));
}
