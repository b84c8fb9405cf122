import { setMaxListeners } from "node:events";

/**
 * A controller whose signal goes with any number of requests under way: the SDK puts a listener on it for
 * each, and Node would warn of a leak from the eleventh on.
 */
export function requestController(): AbortController {
	const controller = new AbortController();
	setMaxListeners(0, controller.signal);
	return controller;
}
