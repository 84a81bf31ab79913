using Npgsql;

namespace SalesBrain.LocalHost.Commands;

/// <summary>Says in one line why a database that somebody named cannot be used.</summary>
internal static class DatabaseErrors
{
    /// <summary>Throws <see cref="StartupException"/> that begins with the name of the setting or option the database came from.</summary>
    internal static async Task<T> InOneLineAsync<T>(string setting, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (ArgumentException)
        {
            // Never the text itself: it holds a password.
            throw new StartupException($"{setting} is not a PostgreSQL connection string.");
        }
        catch (PostgresException e)
        {
            throw new StartupException($"{setting}: the database returned an error ({e.MessageText}).", e);
        }
        catch (NpgsqlException e)
        {
            throw new StartupException($"{setting}: the database cannot be reached. Check host, port and user.", e);
        }
    }
}
