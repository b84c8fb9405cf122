import { StorageError, type StorageFacts } from "../../errors.ts";

/** The storage's response behind an error that `send` has thrown; `undefined` for any other error. */
export function factsOf(error: unknown): StorageFacts {
	return error instanceof StorageError ? error.facts : {};
}

/** Whether the storage says that there is no such thing, as far as we may look. */
export function isNotFound(error: unknown): boolean {
	return factsOf(error).status === 404;
}

/** Whether the credentials lack a permission. */
export function isForbidden(error: unknown): boolean {
	return factsOf(error).status === 403;
}

/** Whether a condition that went with the request did not hold. */
export function isConditionFailed(error: unknown): boolean {
	return factsOf(error).status === 412;
}

/** Whether it may be a storage that does not know conditions of a write: not implemented, bad request, no such method. */
export function mayNotKnowConditions(error: unknown): boolean {
	return [400, 405, 501].includes(factsOf(error).status ?? 0);
}

/** Whether the object has none of the bytes that were asked for. */
export function isOutOfRange(error: unknown): boolean {
	return factsOf(error).status === 416;
}
