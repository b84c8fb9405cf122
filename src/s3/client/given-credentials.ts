import type { S3ClientConfig } from "@aws-sdk/client-s3";
import { isObject } from "../../options/kinds.ts";
import { rememberSecrets } from "../../secrets/known-secrets.ts";

/** What the SDK takes for credentials: keys, or a function that gives them. */
export type Credentials = NonNullable<S3ClientConfig["credentials"]>;
type Identity = Exclude<Credentials, (...args: never) => unknown>;

/** Whether it has both keys. */
export function isIdentity(value: unknown): value is Identity {
	if (!isObject(value)) return false;
	const { accessKeyId, secretAccessKey, sessionToken } = value;
	const isToken = sessionToken === undefined || isText(sessionToken);
	return isText(accessKeyId) && isText(secretAccessKey) && isToken;
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
		throw new Error("the function given as credentials has returned no accessKeyId and secretAccessKey");
	rememberSecrets(identity.secretAccessKey, identity.sessionToken);
	return { ...identity }; // the SDK writes into it
}
