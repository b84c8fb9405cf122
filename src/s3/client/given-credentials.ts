import type { S3ClientConfig } from "@aws-sdk/client-s3";
import { isObject } from "../../options/kinds.ts";
import { rememberSecrets } from "../../secrets/known-secrets.ts";

/** What the SDK takes for credentials: keys, or a function that gives them. */
export type Credentials = NonNullable<S3ClientConfig["credentials"]>;
type Identity = Exclude<Credentials, (...args: never) => unknown>;

/** Whether they are keys that the SDK can sign with. */
export function isIdentity(value: unknown): value is Identity {
	return flawOf(value) === undefined;
}

/** What is wrong with keys; `undefined` if nothing is. */
function flawOf(value: unknown): string | undefined {
	const keys = isObject(value) ? value : {};
	const missing = ["accessKeyId", "secretAccessKey"].filter((name) => !isText(keys[name]));
	if (missing.length > 0) return `no ${missing.join(" and ")}`;
	const { sessionToken, expiration } = keys;
	if (sessionToken !== undefined && !isText(sessionToken)) return "a sessionToken that is no text";
	// What STS and its tools print is text.
	const isTime = expiration instanceof Date && !Number.isNaN(expiration.getTime());
	return expiration === undefined || isTime ? undefined : "an expiration that is no Date";
}

function isText(value: unknown): boolean {
	return typeof value === "string" && value !== "";
}

/** Credentials of the caller's, checked each time they are asked for; their secrets are shown nowhere from then on. */
export function givenCredentials(given: Credentials): Credentials {
	if (typeof given !== "function") return checked(given);
	return async (properties) => checked(await given(properties));
}

function checked(identity: unknown): Identity {
	if (!isIdentity(identity))
		throw new Error(`the function given as credentials has returned ${flawOf(identity)}`);
	rememberSecrets(identity.secretAccessKey, identity.sessionToken);
	return { ...identity }; // the SDK writes into it
}
