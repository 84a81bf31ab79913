using SalesBrain.LocalHost.Documentation;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Commands;

/// <summary><c>docs</c>: writes the generated pages of <c>docs/</c>.</summary>
internal static class DocsCommand
{
    internal static async Task<int> ExecuteAsync(CancellationToken cancellationToken)
    {
        var repository = RepositoryFolder.Find();
        foreach (var page in await DocumentationPages.WriteAsync(cancellationToken))
        {
            var path = Path.Combine(repository, page.Path);
            var changed = !File.Exists(path) || await File.ReadAllTextAsync(path, cancellationToken) != page.Text;
            if (changed)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllTextAsync(path, page.Text, cancellationToken);
            }
            Console.WriteLine($"{page.Path} {(changed ? "was updated" : "is up to date")}");
        }
        return 0;
    }
}
