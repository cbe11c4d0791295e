import type { IDataObject, INodeExecutionData, WorkflowActivateMode } from 'n8n-workflow';

/** What the process that reads is told. */
export type ToReader =
	| {
			readonly kind: 'activate';
			readonly parameters: IDataObject;
			readonly credential: IDataObject;
			readonly staticData: IDataObject;
			readonly activation: WorkflowActivateMode;
			readonly executionTimeout?: number;
			/** How long a claim lasts, in seconds. */
			readonly visibility: number;
	  }
	| { readonly kind: 'ended'; readonly execution: number; readonly error?: string }
	| { readonly kind: 'refuseExecutions'; readonly times: number }
	| { readonly kind: 'deactivate' };

/** What it tells. */
export type FromReader =
	| { readonly kind: 'loaded' | 'active' | 'inactive' | 'executionRefused' }
	| { readonly kind: 'failed'; readonly error: string }
	| {
			readonly kind: 'execution';
			readonly execution: number;
			readonly items: INodeExecutionData[];
			readonly deduplicationKey?: string;
			/** What n8n saves at that moment. */
			readonly staticData: IDataObject;
	  }
	| { readonly kind: 'log'; readonly level: string; readonly text: string };
