using Npgsql;
using SalesBrain.Data.Sessions;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Commands;

/// <summary>Reports in one line why a configured database cannot be used.</summary>
internal static class DatabaseErrors
{
    /// <summary>Throws <see cref="StartupException"/> whose message begins with the name of the setting or option.</summary>
    internal static async Task<T> InOneLineAsync<T>(string setting, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (ArgumentException)
        {
            // Never include the value: it contains a password.
            throw new StartupException($"{setting} is not a PostgreSQL connection string.");
        }
        catch (PostgresException e)
        {
            throw new StartupException($"{setting}: the database returned an error ({e.MessageText}).", e);
        }
        catch (NpgsqlException e) when (e.GetBaseException() is EntraSignInException cause)
        {
            throw new StartupException($"{setting}: {cause.Message}", e);
        }
        catch (NpgsqlException e)
        {
            throw new StartupException($"{setting}: the database cannot be reached. Check host, port and user.", e);
        }
    }
}
