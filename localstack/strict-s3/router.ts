import { notImplemented, S3Error } from "./errors.ts";
import type { OperationRequest } from "./operation.ts";
import { ROUTES, type Route, type Target } from "./routes.ts";

const COMMON_HEADERS = /^x-amz-(date|content-sha256|user-agent)$/;
const MAX_KEY_SIZE = 1024;

type RoutedRequest = Pick<OperationRequest, "bucket" | "key" | "query" | "headers"> & {
	readonly method: string;
};

export function findRoute(request: RoutedRequest): Route | undefined {
	const target = targetOf(request);
	return ROUTES.find(
		(route) =>
			route.method === request.method &&
			route.target === target &&
			(route.needs ?? []).every((name) => request.query.has(name) || request.headers[name] !== undefined),
	);
}

/**
 * Refuses what the operation does not understand. A real server would encrypt, lock or tag the object; one
 * that only says so would let a client believe it did.
 */
export function assertUnderstood(route: Route | undefined, request: RoutedRequest): Route {
	if (route === undefined) throw notImplemented(`${request.method} on this resource`);
	const understood = new Set(["x-id", ...(route.needs ?? []), ...(route.query ?? [])]);
	const unknown =
		request.query.names.find((name) => !/^x-amz-/i.test(name) && !understood.has(name)) ??
		Object.keys(request.headers).find(
			(name) => name.startsWith("x-amz-") && !COMMON_HEADERS.test(name) && route.headers?.test(name) !== true,
		);
	if (unknown !== undefined) throw notImplemented(`${unknown} of ${route.name}`);
	if (Buffer.byteLength(request.key) > MAX_KEY_SIZE) {
		throw new S3Error("KeyTooLongError", "Your key is too long", {
			Size: String(Buffer.byteLength(request.key)),
			MaxSizeAllowed: String(MAX_KEY_SIZE),
		});
	}
	return route;
}

function targetOf({ bucket, key }: RoutedRequest): Target {
	if (bucket === "") return "service";
	return key === "" ? "bucket" : "object";
}
