# Lists an archive with rubyzip; see listing.ts for what it prints.

require "digest"
require "openssl"
require "zip"

archive, action = ARGV
BUFFER = 1 << 20

def hex(text)
  text.b.unpack1("H*")
end

Zip::File.open(archive) do |zip|
  zip.each do |entry|
    digest = OpenSSL::Digest.new("SHA256")
    size = 0
    if entry.directory?
      kind = "d"
    elsif entry.symlink?
      kind = "l"
    else
      kind = "f"
    end
    unless kind == "d"
      stream = entry.get_input_stream
      while (chunk = stream.read(BUFFER)) && !chunk.empty?
        size += chunk.bytesize
        digest.update(chunk) if action == "hash"
      end
    end
    mode = entry.unix_perms.nil? ? "-" : entry.unix_perms.to_s(8)
    sha = action == "hash" ? digest.hexdigest : "-"
    puts [kind, mode, entry.time.to_i, size, sha, hex(entry.comment.to_s), hex(entry.name)].join("\t")
  end
  puts ["comment", hex(zip.comment.to_s)].join("\t")
end
