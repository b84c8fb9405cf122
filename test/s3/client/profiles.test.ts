import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkProfile } from "../../../src/s3/client/profiles.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const directory = useTempDirectory();
beforeEach(async () => {
	await directory.write({
		config:
			"[profile work]\nregion = eu-west-1\n[sso-session corp]\nsso_region = eu-west-1\n[services minio]\ns3 =\n  endpoint_url = http://localhost\n",
		credentials: "[home]\naws_access_key_id = a\naws_secret_access_key = b\n",
	});
	vi.stubEnv("AWS_CONFIG_FILE", directory.path("config"));
	vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", directory.path("credentials"));
	vi.stubEnv("AWS_PROFILE", undefined);
});
afterEach(() => vi.unstubAllEnvs());

describe("checkProfile", () => {
	it.each(["work", "home", "default", undefined])("takes %s", async (name) => {
		await expect(checkProfile(name)).resolves.toBeUndefined();
	});

	it("says of one that does not exist where it was looked for, and which there are", async () => {
		await expect(checkProfile("nope")).rejects.toMatchObject({
			code: "INVALID_OPTION",
			message: `the profile "nope" does not exist in ${directory.path("config")} or ${directory.path("credentials")}; there is home, work`,
		});
	});

	it("looks at AWS_PROFILE where no other is named, and takes an empty one for none", async () => {
		vi.stubEnv("AWS_PROFILE", "nope");
		await expect(checkProfile(undefined)).rejects.toThrow('the profile "nope" of AWS_PROFILE does not exist');
		await expect(checkProfile("work")).resolves.toBeUndefined();
		vi.stubEnv("AWS_PROFILE", "");
		await expect(checkProfile(undefined)).resolves.toBeUndefined();
	});

	it("says so if there is none at all", async () => {
		vi.stubEnv("AWS_CONFIG_FILE", directory.path("missing"));
		vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", directory.path("missing"));
		await expect(checkProfile("nope")).rejects.toThrow(/; there is none$/);
	});
});
