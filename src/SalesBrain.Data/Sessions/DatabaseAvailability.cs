using Npgsql;

namespace SalesBrain.Data.Sessions;

/// <summary>Tells a database that cannot be used at the moment from a statement that is at fault.</summary>
public static class DatabaseAvailability
{
    /// <summary>
    /// Whether the database lacks what the statement uses, or changed it: it is being migrated, or has not been migrated to this build yet.
    /// </summary>
    public static bool IsOfAnotherBuild(Exception exception) => exception is PostgresException
    {
        SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedObject,
    }
    // A prepared statement whose columns changed.
    or PostgresException { SqlState: PostgresErrorCodes.FeatureNotSupported, Routine: "RevalidateCachedQuery" }
    // A table or function that was created a moment ago and whose privileges follow. Row-level security has the same code, but fails
    // elsewhere.
    or PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege, Routine: "aclcheck_error" };

    /// <summary>
    /// Whether the database, or PgBouncer in front of it, could not be reached or ended the connection. The same statement may succeed
    /// later.
    /// </summary>
    public static bool IsLost(Exception exception) => exception switch
    {
        // PgBouncer ends a connection with 08P01 (protocol violation) whatever the reason: the server is down, crashed, or all its
        // connections are in use for too long. In PostgreSQL the code means a fault of the client, which does not end the connection.
        PostgresException { SqlState: PostgresErrorCodes.ProtocolViolation } e => e.InvariantSeverity == "FATAL",
        PostgresException { SqlState: ['0', '8', ..] or ['5', '3', ..] or ['5', '7', 'P', ..] } => true,
        // Azure makes a server read-only when its disk is nearly full, and a server is read-only until a failover has completed.
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => true,
        PostgresException => false,
        NpgsqlException => true,
        _ => false,
    };
}
