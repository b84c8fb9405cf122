import { messageOf, StorageError, type StorageFacts } from "../../errors.ts";
import { shorten } from "../../secrets/shorten.ts";

/** Characters. */
const LONGEST_REASON = 1_000;

/** The error of there being no credentials: before the first request, or with one that was about to be signed. */
export function noCredentials(cause: unknown, facts: StorageFacts = {}): StorageError {
	const advice = isNowhere(cause) ? ({ kind: "set-credentials" } as const) : undefined;
	return new StorageError("NO_CREDENTIALS", whyNoCredentials(cause), { ...facts, cause, advice });
}

/** Nobody who was asked has any. */
function isNowhere(cause: unknown): boolean {
	return / from any providers$/.test(messageOf(cause));
}

/** In the words of whoever was asked for them; nobody having any is told with what to do about it. */
function whyNoCredentials(cause: unknown): string {
	const reason = messageOf(cause);
	if (isNowhere(cause))
		return "no credentials found in the environment, the shared AWS files, SSO, a credential process, web identity, container or instance metadata";
	// From a client of the caller's; it would go on with the line of the command, which may have a secret in it.
	if (reason.startsWith("Command failed"))
		return "no credentials: the credential_process of the profile failed";
	return `no credentials: ${shorten(reason, LONGEST_REASON)}`;
}
