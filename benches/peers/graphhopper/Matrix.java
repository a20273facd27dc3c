import com.graphhopper.GraphHopper;
import com.graphhopper.config.Profile;
import com.graphhopper.json.Statement;
import com.graphhopper.routing.DijkstraOneToMany;
import com.graphhopper.routing.Path;
import com.graphhopper.routing.ev.Subnetwork;
import com.graphhopper.routing.querygraph.QueryGraph;
import com.graphhopper.routing.util.DefaultSnapFilter;
import com.graphhopper.routing.util.EdgeFilter;
import com.graphhopper.routing.util.TraversalMode;
import com.graphhopper.routing.weighting.Weighting;
import com.graphhopper.storage.index.Snap;
import com.graphhopper.util.CustomModel;
import com.graphhopper.util.PMap;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Metres between all points of a file, by GraphHopper: shortest on foot, snapped to edges, from
 * one to many. Arguments: extract, file of "lat,lon" lines, an empty folder.
 */
public class Matrix {
    /** Our islands have fewer than 200 edges; theirs count both directions. */
    private static final int SMALLEST_NETWORK = 400;

    public static void main(String[] args) throws Exception {
        double began = cpuMs();
        GraphHopper hopper = new GraphHopper();
        hopper.setOSMFile(args[0]);
        hopper.setGraphHopperLocation(args[2]);
        hopper.setEncodedValuesString("foot_access");
        hopper.setMinNetworkSize(SMALLEST_NETWORK);
        // Lengths of the lines as they are mapped, as ours: not of lines made simple first.
        hopper.getReaderConfig().setMaxWayPointDistance(0);
        // One speed everywhere: the fastest way is the shortest.
        CustomModel shortest = new CustomModel();
        shortest.addToPriority(Statement.If("!foot_access", Statement.Op.MULTIPLY, "0"));
        shortest.addToSpeed(Statement.If("true", Statement.Op.LIMIT, "5"));
        shortest.setDistanceInfluence(0d);
        Profile profile = new Profile("foot").setCustomModel(shortest);
        hopper.setProfiles(profile);
        hopper.importOrLoad();
        Weighting weighting = hopper.createWeighting(profile, new PMap());
        double prepared = cpuMs();

        List<Snap> snaps = snaps(hopper, weighting, args[1]);
        List<Snap> valid = new ArrayList<>(snaps);
        valid.removeIf(snap -> !snap.isValid());
        QueryGraph graph = QueryGraph.create(hopper.getBaseGraph(), valid);
        Weighting wrapped = graph.wrapWeighting(weighting);
        double[][] metres = null;
        double matrixMs = 0;
        // Once to warm up the machine, once for the figure.
        for (int round = 0; round < 2; round++) {
            double start = cpuMs();
            metres = matrix(graph, wrapped, snaps);
            matrixMs = cpuMs() - start;
        }
        System.out.println("{\"prepare_ms\":" + (prepared - began) + ",\"matrix_ms\":" + matrixMs
            + ",\"metres\":" + Arrays.deepToString(metres) + "}");
    }

    private static List<Snap> snaps(GraphHopper hopper, Weighting weighting, String points)
        throws Exception {
        EdgeFilter filter = new DefaultSnapFilter(weighting,
            hopper.getEncodingManager().getBooleanEncodedValue(Subnetwork.key("foot")));
        List<Snap> snaps = new ArrayList<>();
        for (String line : Files.readAllLines(Paths.get(points))) {
            String[] parts = line.split(",");
            snaps.add(hopper.getLocationIndex().findClosest(
                Double.parseDouble(parts[0]), Double.parseDouble(parts[1]), filter));
        }
        return snaps;
    }

    /** -1 where no way leads. */
    private static double[][] matrix(QueryGraph graph, Weighting weighting, List<Snap> snaps) {
        int n = snaps.size();
        double[][] metres = new double[n][n];
        for (int from = 0; from < n; from++) {
            DijkstraOneToMany search =
                new DijkstraOneToMany(graph, weighting, TraversalMode.NODE_BASED);
            for (int to = 0; to < n; to++) {
                boolean both = snaps.get(from).isValid() && snaps.get(to).isValid();
                Path path = both
                    ? search.calcPath(snaps.get(from).getClosestNode(), snaps.get(to).getClosestNode())
                    : null;
                metres[from][to] = both && path.isFound() ? path.getDistance() : -1;
            }
        }
        return metres;
    }

    private static double cpuMs() {
        var system = (com.sun.management.OperatingSystemMXBean)
            ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime() / 1e6;
    }
}
