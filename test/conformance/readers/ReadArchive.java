import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/** Lists an archive with java.util.zip, by its directory or as a stream; see listing.ts for what it prints. */
public final class ReadArchive {
	private static final byte[] BUFFER = new byte[1 << 20];
	private static final StringBuilder OUT = new StringBuilder();

	public static void main(String[] args) throws Exception {
		boolean hashing = args[2].equals("hash");
		if (args[1].equals("file")) {
			try (ZipFile zip = new ZipFile(args[0])) {
				for (ZipEntry entry : Collections.list(zip.entries())) {
					try (InputStream data = zip.getInputStream(entry)) {
						print(entry, data, hashing);
					}
				}
				OUT.append("comment\t").append(hex(zip.getComment())).append('\n');
			}
		} else {
			try (ZipInputStream zip = new ZipInputStream(
					new BufferedInputStream(new FileInputStream(args[0]), 1 << 16))) {
				for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
					print(entry, zip, hashing);
				}
			}
		}
		flush();
	}

	private static void print(ZipEntry entry, InputStream data, boolean hashing) throws Exception {
		MessageDigest digest = MessageDigest.getInstance("SHA-256");
		long size = 0;
		for (int count = data.read(BUFFER); count >= 0; count = data.read(BUFFER)) {
			size += count;
			if (hashing) digest.update(BUFFER, 0, count);
		}
		String sha256 = hashing ? HexFormat.of().formatHex(digest.digest()) : "-";
		OUT.append(String.join("\t",
				entry.isDirectory() ? "d" : "f",
				"-",
				Long.toString(Math.floorDiv(entry.getTime(), 1000L)),
				Long.toString(size),
				sha256,
				hex(entry.getComment()),
				hex(entry.getName()))).append('\n');
		if (OUT.length() > 1 << 20) flush();
	}

	private static void flush() throws IOException {
		System.out.write(OUT.toString().getBytes(StandardCharsets.US_ASCII));
		System.out.flush();
		OUT.setLength(0);
	}

	private static String hex(String text) {
		return text == null ? "" : HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
	}
}
