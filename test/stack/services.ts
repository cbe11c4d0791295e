import { startAuthService } from './auth/service';
import { startFunctions } from './functions/service';
import { startRest } from './rest';
import { startRealtimeService } from './realtime/service';
import type { StartService } from './service';
import { startStorageService } from './storage/service';

/** Everything behind the gateway, started in this order. */
export const services: Record<string, StartService> = {
	rest: startRest,
	auth: startAuthService,
	storage: startStorageService,
	functions: startFunctions,
	realtime: startRealtimeService,
};
