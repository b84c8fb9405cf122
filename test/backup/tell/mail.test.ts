import { afterEach, describe, expect, it } from "vitest";
import { createTeller, type TellerOptions } from "../../../src/backup/tell/tell.ts";
import type { Mail } from "../../../src/backup/tell/tell-settings.ts";
import { makeCertificate } from "../../support/certificate.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { FAILURE, IMPATIENT, QUICK, SUCCESS, tellSettings } from "./run-reports.ts";
import { SmtpServer } from "./smtp-server.ts";

let server: SmtpServer | undefined;
afterEach(() => server?.close());

function mailTo(url: string): Mail {
	return { url, from: "backup@example.org", to: ["ops@example.org", "boss@example.org"], on: ["failure"] };
}

const tell = (url: string, options: TellerOptions = {}) =>
	createTeller(tellSettings({ mail: mailTo(url) }), { patience: QUICK, ...options }).tell("failure", FAILURE);

describe("a mail about a run", () => {
	const directory = useTempDirectory();

	it("says in its subject what has happened, and in its text why", async () => {
		server = await SmtpServer.start();
		expect(await tell(`smtp://127.0.0.1:${server.port}`)).toEqual([]);
		const [mail] = server.mails;
		expect(mail).toMatchObject({ from: "backup@example.org", to: ["ops@example.org", "boss@example.org"] });
		expect(mail?.data).toContain("Subject: backup photos on db1: FAILED (exit code 5)\r\n");
		expect(mail?.data).toContain("Auto-Submitted: auto-generated\r\n");
		expect(mail?.data).toMatch(/Content-Type: text\/plain/);
		expect(mail?.data).toContain("STORAGE_REFUSED: PutObject to s3://backups/k was refused: AccessDenied");
	});

	it("is sent on the occasions that it is for", async () => {
		server = await SmtpServer.start();
		const mail = mailTo(`smtp://127.0.0.1:${server.port}`);
		await createTeller(tellSettings({ mail })).tell("success", SUCCESS);
		expect(server.commands).toEqual([]);
	});

	it("goes through TLS, to a server whose authority is trusted", async () => {
		const { key, cert, file } = await makeCertificate(directory.path(), "DNS:localhost");
		server = await SmtpServer.start({ tls: { key, cert } });
		expect(await tell(`smtps://me:secret@localhost:${server.port}`, { caFile: file })).toEqual([]);
		expect(server.commands).toContain("AUTH");
		expect(server.mails.length).toBe(1);
		const [warning] = await tell(`smtps://me:secret@localhost:${server.port}`);
		expect(warning?.message).toMatch(
			/^the mail server localhost:\d+ could not be told of the run: .*certificate/,
		);
	});

	it("tells no password to a server elsewhere that does not encrypt", async () => {
		server = await SmtpServer.start();
		// A name of this machine that does not look like it.
		const [warning] = await tell(`smtp://me:a-long-secret@localhost.:${server.port}`);
		expect(warning?.code).toBe("NOT_TOLD");
		expect(server.commands).not.toContain("AUTH");
		expect(JSON.stringify(warning)).not.toContain("a-long-secret");
	});

	it("is given up at once where the server refuses it for good", async () => {
		server = await SmtpServer.start({ answers: { MAIL: "550 not from you" } });
		const [warning] = await tell(`smtp://127.0.0.1:${server.port}`);
		expect(warning?.message).toMatch(/could not be told of the run: .*550 not from you/);
		expect(server.commands.filter((command) => command === "MAIL").length).toBe(1);
	});

	it("is tried again where the server has no time", async () => {
		server = await SmtpServer.start({ answers: { MAIL: "451 later" } });
		expect((await tell(`smtp://127.0.0.1:${server.port}`)).length).toBe(1);
		expect(server.commands.filter((command) => command === "MAIL").length).toBe(3);
	});

	it.each([
		["says nothing", { silent: true }],
		["does not answer", { answers: { DATA: undefined } }],
	])("is given up where the server %s, and its connection is closed", async (_what, options) => {
		server = await SmtpServer.start(options);
		const [warning] = await tell(`smtp://127.0.0.1:${server.port}`, { patience: IMPATIENT });
		expect(warning?.message).toContain("no answer within 0.5 s");
		await expect.poll(() => server?.connectionCount).toBe(0);
	});

	it("is a warning where there is no server", async () => {
		const [warning] = await tell("smtp://127.0.0.1:1");
		expect(warning?.message).toMatch(
			/^the mail server 127\.0\.0\.1:1 could not be told of the run: .*ECONNREFUSED/,
		);
	});
});
