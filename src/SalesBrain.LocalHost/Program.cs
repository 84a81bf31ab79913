using System.Runtime.InteropServices;
using SalesBrain.Data.Migrations;
using SalesBrain.Functions.Configuration;
using SalesBrain.LocalHost.Commands;
using SalesBrain.LocalHost.Startup;

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    return args switch
    {
        [] or [['-', '-', ..], ..] => await RunCommand.ExecuteAsync(args, stop.Token),
        ["migrate", .. var rest] => await MigrateCommand.ExecuteAsync(rest, stop.Token),
        ["reseal", .. var rest] => await ResealCommand.ExecuteAsync(rest, stop.Token),
        ["import-agents", .. var rest] => await ImportAgentsCommand.ExecuteAsync(rest, stop.Token),
        ["drop-old-agent-tables", .. var rest] => await DropOldAgentTablesCommand.ExecuteAsync(rest, stop.Token),
        ["docs"] => await DocsCommand.ExecuteAsync(stop.Token),
        ["create-admin", .. var rest] => await CreateAdminCommand.ExecuteAsync(rest, stop.Token),
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

void Stop(PosixSignalContext signal)
{
    // Asked a second time, the process ends as it would without us; the embedded server ends itself then.
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
