using SalesBrain.Data.Migrations;
using SalesBrain.Functions.Composition;
using SalesBrain.LocalHost;
using SalesBrain.LocalHost.Commands;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

try
{
    return args switch
    {
        ["migrate", .. var rest] => await MigrateCommand.ExecuteAsync(rest, stop.Token),
        ["docs"] => await DocsCommand.ExecuteAsync(stop.Token),
        _ => Usage.Print(),
    };
}
catch (Exception e) when (e is StartupException or SettingsException or MigrationException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}
