using Npgsql;

namespace SalesBrain.Data.Sessions;

/// <summary>Tells a database that cannot be used at the moment from a statement that is at fault.</summary>
public static class DatabaseAvailability
{
    /// <summary>Whether the database, or PgBouncer in front of it, could not be reached or ended the connection. The same statement may succeed later.</summary>
    public static bool IsLost(Exception exception) => exception switch
    {
        // PgBouncer ends a connection with 08P01 (protocol violation) whatever the reason: the server is down, crashed, or all its connections
        // are in use for too long. In PostgreSQL the code means a fault of the client, which does not end the connection.
        PostgresException { SqlState: PostgresErrorCodes.ProtocolViolation } e => e.InvariantSeverity == "FATAL",
        PostgresException { SqlState: ['0', '8', ..] or ['5', '3', ..] or ['5', '7', 'P', ..] } => true,
        PostgresException => false,
        NpgsqlException => true,
        _ => false,
    };
}
