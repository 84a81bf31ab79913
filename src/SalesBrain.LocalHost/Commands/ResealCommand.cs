using Microsoft.Extensions.Configuration;
using Npgsql;
using SalesBrain.Core.Security;
using SalesBrain.Data.Security;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Configuration;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Commands;

/// <summary>
/// <c>reseal [--connection …] [--entra] [--check]</c>: seals everything in the database with the first data key, or only counts what each
/// key seals. With <c>--entra</c> it signs in with the Microsoft Entra token of whoever is signed in at the Azure CLI. The exit code is 0
/// if the first key seals everything, else 1. For the database's owner or the login <c>salesbrain_platform</c>.
/// </summary>
internal static class ResealCommand
{
    private const string Connection = "--connection";
    private const string Entra = "--entra";
    private const string Check = "--check";
    private const int ReportEvery = 10_000;
    private const int MaxListed = 20;

    /// <summary>Passes that only find locked rows, a second apart, before the command gives up.</summary>
    private const int MaxWaits = 60;

    internal static async Task<int> ExecuteAsync(string[] args, CancellationToken cancellationToken)
    {
        if (!CommandOptions.TryRead(args, [Connection], [Entra, Check], out var options))
        {
            return Usage.Print();
        }
        var option = options.GetValueOrDefault(Connection);
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var reader = new SettingsReader(configuration);
        var connection = option
            ?? reader.Text(PlatformLogin.Setting, "the connection string of the login salesbrain_platform, unless --connection is given");
        var keys = reader.Section<DataKeys>("DataKeys", read => read.Problems());
        reader.ThrowIfAnyProblem();

        var name = option is null ? PlatformLogin.Setting : Connection;
        var credential = options.ContainsKey(Entra)
            ? await CommandLineCredential.SignInAsync(
                name, await DatabaseErrors.InOneLineAsync(name, () => Task.FromResult(new NpgsqlConnectionStringBuilder(connection))), cancellationToken)
            : null;
        return await DatabaseErrors.InOneLineAsync(name, async () =>
        {
            // No tenant session is opened here.
            await using var database = new SalesBrainDatabase(new()
            {
                PlatformConnectionString = connection,
                PlatformCredential = credential,
                TenantConnectionString = connection,
            });
            var resealing = new Resealing(database, new SecretBox(keys));
            if (await resealing.FindUnknownColumnsAsync(cancellationToken) is { Count: > 0 } unknown)
            {
                throw new StartupException(
                    $"This version does not know {string.Join(", ", unknown)}. Run the command of the version that migrated the database.");
            }
            if (!options.ContainsKey(Check))
            {
                await ResealAsync(resealing, cancellationToken);
            }
            return Report(keys, await resealing.CountAsync(cancellationToken)) ? 0 : 1;
        });
    }

    /// <summary>Repeats the pass until one finds nothing to do: the app may have moved a value behind it, or locked a row.</summary>
    private static async Task ResealAsync(Resealing resealing, CancellationToken cancellationToken)
    {
        var (total, waits, waitingFor) = (0, 0, 0);
        while (true)
        {
            var pass = await resealing.RunOnceAsync(Progress, cancellationToken);
            if (pass is { Resealed: 0, Skipped: 0 } || waits == MaxWaits)
            {
                Console.WriteLine($"{total} values were re-sealed.");
                ReportUnopened(pass.Unopened);
                return;
            }
            if (pass.Resealed > 0)
            {
                waits = 0;
            }
            if (pass.Skipped > 0)
            {
                waits++;
                if (pass.Skipped != waitingFor)
                {
                    waitingFor = pass.Skipped;
                    Console.WriteLine($"Waiting for {waitingFor} values that others are changing.");
                }
                await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
            }
        }

        void Progress(SealedColumn column, int resealed)
        {
            if ((total + resealed) / ReportEvery > total / ReportEvery)
            {
                Console.WriteLine($"{total + resealed} values re-sealed so far, now in {column}.");
            }
            total += resealed;
        }
    }

    private static void ReportUnopened(List<UnopenedValue> unopened)
    {
        foreach (var value in unopened.Take(MaxListed))
        {
            Console.Error.WriteLine($"{value.Column} of row {value.RowId} was not re-sealed: {value.Reason}");
        }
        if (unopened.Count > MaxListed)
        {
            Console.Error.WriteLine($"{unopened.Count - MaxListed} more values were not re-sealed.");
        }
    }

    /// <summary>Prints what each key seals; returns whether the first key seals everything.</summary>
    private static bool Report(DataKeys keys, IReadOnlyList<(SealedColumn Column, KeyUse Use)> counts)
    {
        foreach (var (column, use) in counts)
        {
            Console.WriteLine($"{column}: {use.Values} {(use.KeyId is null ? "not sealed" : $"sealed with {use.KeyId}")}");
        }
        var byKey = counts.Where(count => count.Use.KeyId is not null)
            .GroupBy(count => count.Use.KeyId!, count => count.Use.Values, StringComparer.Ordinal)
            .ToDictionary(values => values.Key, values => values.Sum(), StringComparer.Ordinal);
        var configured = keys.Keys.Select(key => key.Id).ToList();
        Console.WriteLine($"The first data key, {configured[0]}, seals {byKey.GetValueOrDefault(configured[0])} values.");
        foreach (var id in configured.Skip(1))
        {
            var values = byKey.GetValueOrDefault(id);
            Console.WriteLine(
                values == 0 ? $"The data key {id} seals 0 values." : $"The data key {id} seals {values} values and must not be removed.");
        }
        foreach (var (id, values) in byKey.Where(use => !configured.Contains(use.Key)))
        {
            Console.WriteLine($"The data key {id} seals {values} values and is not configured: they cannot be opened.");
        }
        return counts.All(count => count.Use.KeyId == configured[0]);
    }
}
