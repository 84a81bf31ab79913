namespace SalesBrain.LocalHost.Postgres;

/// <summary>Which embedded server to run, and how.</summary>
public sealed record EmbeddedPostgresOptions
{
    /// <summary>The folder with the <c>package.json</c> that lists <c>embedded-postgres</c>: the repository's <c>dev/</c>.</summary>
    public required string DevFolder { get; init; }

    /// <summary>A git-ignored folder of this server alone: the data, the password, the last port and the log.</summary>
    public required string DataFolder { get; init; }

    /// <summary>
    /// False gives durability for speed (no fsync): what is committed survives a killed server, but not a crash of the machine. For test
    /// data only.
    /// </summary>
    public bool Durable { get; init; } = true;

    public int MaxConnections { get; init; } = 200;

    /// <summary>Further server settings by name, as in <c>postgresql.conf</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    internal IReadOnlyList<string> ServerSettings() =>
    [
        "listen_addresses=127.0.0.1", "unix_socket_directories=", $"max_connections={MaxConnections}", "timezone=UTC", "log_timezone=UTC",
        // Not synchronous_commit=off: that would lose commits when only the server is killed, which crash tests do.
        .. Durable ? [] : new[] { "fsync=off", "full_page_writes=off" },
        .. Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal).Select(setting => $"{setting.Key}={setting.Value}"),
    ];
}
