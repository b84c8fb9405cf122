import { unusualName } from "../../s3/bucket-name.ts";
import { type Io, writeLine } from "../terminal/io.ts";

/** Says which of two sources of credentials counts: the AWS command line would take the other one. */
export function noticeCredentials(
	{ profile, quiet }: { readonly profile?: string | undefined; readonly quiet?: boolean | undefined },
	{ stderr }: Io,
	environment: NodeJS.ProcessEnv = process.env,
): void {
	const { AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = environment;
	if (quiet === true || profile !== undefined) return;
	if (AWS_PROFILE && AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY)
		writeLine(stderr, `using the profile "${AWS_PROFILE}" of AWS_PROFILE, not AWS_ACCESS_KEY_ID`);
}

/** For commands of which the library tells no warnings. */
export function warnOfBucket(bucket: string, { stderr }: Io): void {
	const warning = unusualName(bucket);
	if (warning !== undefined) writeLine(stderr, `warning: ${warning.message}`);
}
